"""why.py PREFIX [REGEX]: reasons of cuts with one place each"""
import json,glob,sys,collections,re
c=collections.Counter(); ex={}; T=0; C=0
for f in glob.glob('/tmp/trace/beh/%s*.json'%sys.argv[1]):
    for x in json.load(open(f))['cases']:
        T+=1
        if x.get('cut'):
            C+=1
            w=x['cut']
            if len(sys.argv)>2 and not re.search(sys.argv[2],w): continue
            c[w]+=1; ex.setdefault(w,[]).append(x.get('at') or x['name'])
print(T,C)
import linecache
for w,n in c.most_common(int(sys.argv[3]) if len(sys.argv)>3 else 40):
    print(n,w)
    for e,k in collections.Counter(ex[w]).most_common(3):
        l=''
        if e and ':' in e and '::' not in e:
            p,ln=e.rsplit(':',1); l=linecache.getline('/tmp/sa/sqlalchemy-2.0.52/test/'+p,int(ln)).strip() or linecache.getline(p,int(ln)).strip()
        print('      ',k,e,'|',l[:90])
